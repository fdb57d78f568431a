output "cluster" {
  description = "Name of the cluster, for a Release's service.cluster."
  value       = module.cluster.cluster_name
}

output "load_balancer" {
  description = "Name of the load balancer, for a Release's traffic.loadBalancer."
  value       = module.cluster.load_balancer_name
}

output "dns_name" {
  description = "Address of the load balancer."
  value       = module.cluster.dns_name
}

output "alarm_names" {
  description = "By release, the alarms that a gate may ask."
  value       = module.observability.alarm_names
}

output "dashboard_url" {
  description = "Address of the dashboard."
  value       = module.observability.dashboard_url
}
