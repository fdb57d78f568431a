import { load } from 'js-yaml'

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[]
}

interface RuleTests {
  readonly tests?: readonly {
    readonly promql_expr_test?: readonly { readonly expr: string; readonly exp_samples: readonly unknown[] }[]
  }[]
}

/** The alerts of a rule file that no test wants to fire, or none to be silent; of the tests those are read that ask for ALERTS. */
export function untestedAlerts(rules: string, tests: readonly string[]): string[] {
  const alerts = (load(rules) as RuleFile).groups.flatMap((group) => group.rules.map(({ alert }) => alert))
  const asked = tests
    .flatMap((text) => (load(text) as RuleTests).tests ?? [])
    .flatMap((test) => test.promql_expr_test ?? [])
    .map(({ expr, exp_samples: samples }) => ({
      alert: /^ALERTS\{alertname="(\w+)",alertstate="firing"\}$/u.exec(expr)?.[1],
      fires: samples.length > 0,
    }))
  const has = (alert: string, fires: boolean): boolean =>
    asked.some((each) => each.alert === alert && each.fires === fires)
  return alerts.flatMap((alert) => [
    ...(has(alert, true) ? [] : [`no test shows that ${alert} fires`]),
    ...(has(alert, false) ? [] : [`no test shows that ${alert} is silent`]),
  ])
}
