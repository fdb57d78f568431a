project     = "shop"
environment = "prod"
region      = "eu-west-1"

# Outputs of roots/core and roots/bootstrap.
role_arn                 = "arn:aws:iam::123456789012:role/steersman-prod-terraform"
permissions_boundary_arn = "arn:aws:iam::123456789012:policy/steersman-boundary-shop"
registry                 = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-prod"

availability_zones  = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
nat_gateways        = "per-zone"
interface_endpoints = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"]
test_ingress_cidrs  = ["10.0.0.0/16"]
certificate_arn     = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000"
alarm_emails        = ["on-call@example.com"]

web = {
  rule        = { priority = 100, hosts = ["shop.example.com"] }
  cpu         = 512
  memory      = 1024
  autoscaling = { minimum = 3, maximum = 12, cpu_percent = 60 }
}

database = {
  instance_class = "db.m7g.large"
  backup_days    = 14
}

cache = {
  node_type = "cache.m7g.large"
  nodes     = 3
}
