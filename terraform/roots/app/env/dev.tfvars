project     = "shop"
environment = "dev"
region      = "eu-west-1"

# Outputs of roots/core and roots/bootstrap.
role_arn                 = "arn:aws:iam::123456789012:role/steersman-dev-terraform"
permissions_boundary_arn = "arn:aws:iam::123456789012:policy/steersman-boundary-shop"
registry                 = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-dev"

availability_zones  = ["eu-west-1a", "eu-west-1b"]
nat_gateways        = "single"
test_ingress_cidrs  = ["10.0.0.0/16"]
deletion_protection = false

web = {
  rule        = { priority = 100, paths = ["/*"] }
  autoscaling = { minimum = 1, maximum = 3, cpu_percent = 60 }
}

database = {
  instance_class = "db.t4g.micro"
  multi_zone     = false
  backup_days    = 1
}

cache = {
  node_type = "cache.t4g.micro"
  nodes     = 1
}
