/**
 * Settings of the AWS provider and of the s3 backend by which they act as somebody else, read files of the machine, run its
 * `credential_process`, or talk to another address.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs#argument-reference,
 * https://developer.hashicorp.com/terraform/language/backend/s3
 */
export const IDENTITY_SETTINGS: ReadonlySet<string> = new Set([
  'access_key',
  'assume_role',
  'assume_role_with_web_identity',
  'custom_ca_bundle',
  'dynamodb_endpoint',
  'ec2_metadata_service_endpoint',
  'endpoint',
  'endpoints',
  'external_id',
  'http_proxy',
  'https_proxy',
  'iam_endpoint',
  'insecure',
  'profile',
  'role_arn',
  'secret_key',
  'session_name',
  'shared_config_files',
  'shared_credentials_file',
  'shared_credentials_files',
  'sts_endpoint',
  'token',
])
