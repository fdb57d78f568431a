import { AwsError, validationError } from '../kernel/error.ts'
import type { Members, Operation } from '../kernel/operation.ts'
import { describing, found, modifying, page } from './describe.ts'
import { requiredText, structures } from './input.ts'
import type { ElbParts, Listener } from './state.ts'

/** The operations on the certificate list of a secure listener: the default certificate and the additional ones. */
export function certificateOperations(elb: ElbParts): Record<string, Operation> {
  const { listeners } = elb.tables
  return {
    AddListenerCertificates: modifying((input) => {
      const listener = secureListener(elb, input)
      const added = certificateArns(input)
      const certificates = [...new Set([...listener.certificates, ...added])]
      listeners.put(listener.arn, { ...listener, certificates })
      return { Certificates: added.map((arn) => ({ CertificateArn: arn, IsDefault: false })) }
    }),
    RemoveListenerCertificates: modifying((input) => {
      const listener = secureListener(elb, input)
      const removed = new Set(certificateArns(input))
      if (removed.has(listener.certificates[0] ?? '')) {
        throw new AwsError('OperationNotPermitted', 'The default certificate cannot be removed')
      }
      listeners.put(listener.arn, {
        ...listener,
        certificates: listener.certificates.filter((arn) => !removed.has(arn)),
      })
      return {}
    }),
    DescribeListenerCertificates: describing((input, context) => {
      const listener = found(context.read(listeners), requiredText(input, 'ListenerArn'), 'listener')
      const rows = listener.certificates.map((arn, index) => ({
        CertificateArn: arn,
        IsDefault: index === 0,
      }))
      return page(rows, input, (row) => row, 'Certificates')
    }),
  }
}

function secureListener(elb: ElbParts, input: Members): Listener {
  const listener = found(elb.tables.listeners, requiredText(input, 'ListenerArn'), 'listener')
  if (listener.protocol !== 'HTTPS' && listener.protocol !== 'TLS') {
    throw validationError('Certificates can be specified for secure listeners only')
  }
  return listener
}

function certificateArns(input: Members): string[] {
  const arns = structures(input, 'Certificates').map((item) => requiredText(item, 'CertificateArn'))
  if (arns.length === 0) throw validationError('A certificate must be specified')
  return arns
}
