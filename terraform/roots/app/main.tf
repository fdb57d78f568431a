provider "aws" {
  region              = var.region
  allowed_account_ids = [split(":", var.role_arn)[4]]

  default_tags {
    tags = {
      project     = var.project
      environment = var.environment
      managed-by  = "terraform"
    }
  }
}

locals {
  name = "${var.project}-${var.environment}"

  # Each has a file of its own, named for it.
  releases = ["web"]
}

module "network" {
  source = "../../modules/network"

  name                     = local.name
  cidr                     = var.cidr
  availability_zones       = var.availability_zones
  nat_gateways             = var.nat_gateways
  interface_endpoints      = var.interface_endpoints
  permissions_boundary_arn = var.permissions_boundary_arn
}

module "cluster" {
  source = "../../modules/cluster"

  name                = local.name
  vpc_id              = module.network.vpc_id
  subnet_ids          = module.network.public_subnet_ids
  certificate_arn     = var.certificate_arn
  test_ingress_cidrs  = var.test_ingress_cidrs
  deletion_protection = var.deletion_protection
}

module "database" {
  source = "../../modules/database"
  count  = var.database == null ? 0 : 1

  name                    = local.name
  engine                  = var.database.engine
  engine_version          = var.database.engine_version
  instance_class          = var.database.instance_class
  multi_zone              = var.database.multi_zone
  backup_days             = var.database.backup_days
  vpc_id                  = module.network.vpc_id
  subnet_ids              = module.network.private_subnet_ids
  allowed_security_groups = {}
  deletion_protection     = var.deletion_protection
}

module "cache" {
  source = "../../modules/cache"
  count  = var.cache == null ? 0 : 1

  name                    = local.name
  engine                  = var.cache.engine
  engine_version          = var.cache.engine_version
  node_type               = var.cache.node_type
  nodes                   = var.cache.nodes
  vpc_id                  = module.network.vpc_id
  subnet_ids              = module.network.private_subnet_ids
  allowed_security_groups = {}
}

module "observability" {
  source = "../../modules/observability"

  name                     = local.name
  cluster_name             = module.cluster.cluster_name
  load_balancer_arn_suffix = module.cluster.load_balancer_arn_suffix
  alarm_emails             = var.alarm_emails

  services = {
    web = {
      service_names             = module.web.service_names
      target_group_arn_suffixes = module.web.target_group_arn_suffixes
      error_percent             = var.web.error_percent
      latency_seconds           = var.web.latency_seconds
    }
  }
}
