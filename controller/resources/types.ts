// The names that the rest of the program imports the kinds by. A part that stands in several kinds (a gate, a rule) has
// the same schema in each, so one of its generated types serves for all.
export type * from './generated/release.ts'
export type {
  GateDecision,
  GateStatus,
  ResolvedImage,
  Rollout,
  RolloutPhase,
  RolloutSpec,
  RolloutStatus,
  TimelineEntry,
} from './generated/rollout.ts'
export type {
  AllowPolicy,
  AppliedResource,
  DefaultedDriftPolicy,
  DefaultedEnvironment,
  DefaultedSource,
  DestroyingApply,
  EnvironmentStatus,
  FinishedApply,
  ImagePolicy,
  InfrastructureLeftover,
  InfrastructurePlan,
  InfrastructureStatus,
  ScanRequirement,
  SecretSource,
  TagIntent,
  Unmanaged,
  DefaultedTerraformSettings,
} from './generated/environment.ts'
export type { DefaultedConfiguration, DefaultedConfigurationSpec, Token } from './generated/configuration.ts'
