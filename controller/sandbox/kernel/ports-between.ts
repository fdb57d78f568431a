/** A target as ELBv2 knows it: an address (or instance id) and a port. */
export interface Target {
  readonly id: string
  readonly port: number
}

export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining'

/** A target group and its weight in a rule's forward action. */
export interface TargetGroupShare {
  readonly targetGroupArn: string
  readonly weight: number
}

export interface TargetGroupFacts {
  readonly targetType: 'ip' | 'instance' | 'lambda' | 'alb'
  readonly port: number
  readonly deregistrationDelayMs: number
}

/** What the ECS model may ask of load balancing. */
export interface TargetRegistry {
  exists(targetGroupArn: string): boolean
  /** False: no listener or rule forwards to it, and ECS refuses to create a service with it. */
  isAssociated(targetGroupArn: string): boolean
  describe(targetGroupArn: string): TargetGroupFacts | undefined
  register(targetGroupArn: string, target: Target): void
  /** Starts draining; the target is gone after the deregistration delay. */
  deregister(targetGroupArn: string, target: Target): void
  /** Whether an ARN names a listener rule, a listener's default rule among them. */
  isRule(ruleArn: string): boolean
  /** The ARN of the target group of a name in a region. */
  groupNamed(name: string, region: string): string | undefined
  /** The rules of a listener, its default one among them, that forward to one of the target groups. */
  rulesForwarding(listenerArn: string, targetGroupArns: readonly string[]): readonly string[]
  /** Divides a rule's forward action anew, as ECS does with the role it was given; everything else of the rule stays. */
  divide(ruleArn: string, weights: readonly TargetGroupShare[]): void
  /** undefined: not registered (any more). */
  health(targetGroupArn: string, target: Target): TargetState | undefined
  onHealthChange(
    listener: (change: { targetGroupArn: string; target: Target; state: TargetState | undefined }) => void,
  ): void
}

/** How tasks of an image behave, as `POST /_sandbox/images` takes it. Seconds are divided by the speed, `latencyMs` is not. */
export interface ImageBehavior {
  readonly startSeconds?: number
  readonly healthyAfterSeconds?: number
  readonly status?: number
  readonly latencyMs?: number
  readonly crashAfterSeconds?: number
  readonly neverStarts?: boolean
  readonly body?: string
  /** A shell command: a real process that listens on `PORT` of its environment. */
  readonly command?: string
  readonly health?: { readonly status: number }
  /** How a command that RunTask gives in place of the image's own ends: after `seconds` (default 1), with `exitCode` (default 0). */
  readonly override?: { readonly seconds?: number; readonly exitCode?: number }
  /** True: the image was not pushed yet. */
  readonly missing?: boolean
  /** What a scan of the image says; left out: it is complete and found nothing. */
  readonly scan?: ScanBehavior
}

/** The scan of an image, with the statuses of https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
export interface ScanBehavior {
  /** `NONE`: no scan was ever started. Default COMPLETE. */
  readonly status?: string
  /** Numbers of findings by severity. */
  readonly findings?: Readonly<Record<string, number>>
}

export interface TaskAnswer {
  readonly status: number
  readonly latencyMs: number
  readonly body: string
}

/** A task that listens. */
export interface RunningTask {
  readonly taskArn: string
  readonly image: string
  readonly version: string
  readonly side: 'blue' | 'green' | null
  readonly behavior: ImageBehavior
  answer(path: string): TaskAnswer
  /** The loopback port of its real process, for images with a `command`. */
  readonly processPort?: number
}

/** What load balancing may ask of the tasks: health checks and requests reach them through this. */
export interface TaskNetwork {
  /** undefined: nobody listens there. */
  probe(address: string, port: number, path: string): { status: number; latencyMs: number } | undefined
  /** The task that listens there now; undefined once it was stopped. */
  taskAt(address: string, port: number): RunningTask | undefined
}

/** A network interface that a load balancer or a task holds, as EC2 shows it. */
export interface NetworkInterface {
  readonly id: string
  readonly description: string
  readonly subnetId: string
  readonly securityGroups: readonly string[]
  readonly vpcId?: string
  readonly address?: string
}

/** What EC2 may ask of whoever holds interfaces: those of a region. */
export type Interfaces = (region: string) => readonly NetworkInterface[]
