import type { Notice } from './notice.ts'

/** How much of a message is sent, in characters: what is longer is read where it comes from. */
const LONGEST = 2_000

/** What Slack's incoming webhooks take. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export function slackBody({ environment, release, rollout, title, message, next }: Notice): string {
  const subject = rollout ?? (release === undefined ? environment : `${environment}/${release}`)
  return JSON.stringify({
    text: [
      `*${escaped(subject)}*: ${escaped(title)}`,
      escaped(shortened(message)),
      `\`${escaped(next)}\``,
    ].join('\n'),
    unfurl_links: false,
  })
}

/** What any other receiver gets. */
export function noticeBody(
  { kinds, environment, release, rollout, title, message, next }: Notice,
  at: string,
): string {
  return JSON.stringify({
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Notification',
    at,
    events: kinds,
    environment,
    release,
    rollout,
    title,
    message: shortened(message),
    next,
  })
}

const shortened = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`)

/** Slack's three special characters, so that no message can make a link or call a channel: https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
