import { invalidParameter } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { optionalFlag, optionalText, text } from '../members.ts'
import { pageOf } from '../paging.ts'
import type { EcsWorld } from './parts.ts'

const DEFAULTS: Readonly<Record<string, string>> = {
  awsvpcTrunking: 'disabled',
  containerInsights: 'disabled',
  containerInstanceLongArnFormat: 'enabled',
  defaultLogDriverMode: 'non-blocking',
  dualStackIPv6: 'enabled',
  fargateFIPSMode: 'disabled',
  fargateTaskRetirementWaitPeriod: '7',
  guardDutyActivate: 'off',
  serviceLongArnFormat: 'enabled',
  tagResourceAuthorization: 'off',
  taskLongArnFormat: 'enabled',
}

/** Account settings: one value for the whole account, whoever asks. */
export function accountSettingOperations(world: EcsWorld): Record<string, Operation> {
  const put: Operation = {
    writes: true,
    bucket: 'other',
    handle(input, context) {
      const name = knownName(text(input, 'name'))
      world.tables.accountSettings.put(name, text(input, 'value'))
      return { setting: settingView(world, name, context) }
    },
  }
  return {
    PutAccountSetting: put,
    PutAccountSettingDefault: put,
    DeleteAccountSetting: {
      writes: true,
      bucket: 'other',
      handle(input, context) {
        const name = knownName(text(input, 'name'))
        world.tables.accountSettings.delete(name)
        return { setting: settingView(world, name, context) }
      },
    },
    ListAccountSettings: {
      writes: false,
      bucket: 'other',
      handle(input, context) {
        const wanted = optionalText(input, 'name')
        const effective = optionalFlag(input, 'effectiveSettings') === true
        const names = Object.keys(DEFAULTS)
          .filter((name) => wanted === undefined || name === wanted)
          .filter((name) => effective || world.tables.accountSettings.get(name) !== undefined)
        const { items, ...rest } = pageOf(names, input)
        return { settings: items.map((name) => settingView(world, name, context)), ...rest }
      },
    },
  }
}

function knownName(name: string): string {
  if (!Object.hasOwn(DEFAULTS, name)) throw invalidParameter(`Unknown account setting ${name}.`)
  return name
}

function settingView(world: EcsWorld, name: string, context: CallContext): Members {
  return {
    name,
    value: context.read(world.tables.accountSettings).get(name) ?? DEFAULTS[name],
    principalArn: `arn:aws:iam::${context.accountId}:root`,
    type: 'user',
  }
}
