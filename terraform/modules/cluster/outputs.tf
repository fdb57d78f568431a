output "cluster_name" {
  description = "Name of the cluster, for a Release's service.cluster."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.this.arn
}

output "load_balancer_name" {
  description = "Name of the load balancer, for a Release's traffic.loadBalancer."
  value       = aws_lb.this.name
}

output "load_balancer_arn_suffix" {
  description = "What CloudWatch calls the load balancer."
  value       = aws_lb.this.arn_suffix
}

output "dns_name" {
  description = "Address of the load balancer, for an alias record."
  value       = aws_lb.this.dns_name
}

output "zone_id" {
  description = "Hosted zone of that address, for an alias record."
  value       = aws_lb.this.zone_id
}

output "security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.load_balancer.id
}

output "listener_arn" {
  description = "The production listener."
  value       = aws_lb_listener.production.arn
}

output "test_listener_arn" {
  description = "The test listener."
  value       = aws_lb_listener.test.arn
}

output "production_port" {
  description = "Port of the production listener, for a Release's traffic.rule."
  value       = aws_lb_listener.production.port
}

output "test_port" {
  description = "Port of the test listener, for a Release's traffic.test."
  value       = aws_lb_listener.test.port
}
