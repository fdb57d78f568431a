/**
 * Whether an event message of ECS says that it gave a deployment up or went back from it:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export const tellsFailedDeployment = (message: string): boolean =>
  /rolling back to|deployment failed/.test(message)
