export const healthStatuses = ['Current', 'InProgress', 'Failed', 'Terminating', 'Unknown', 'NotFound'] as const;
export type HealthStatus = (typeof healthStatuses)[number];

export interface Health {
  status: HealthStatus;
  /** What is waited for or what went wrong, for people. */
  message: string;
  /** One stable CamelCase word; absent when all is well. */
  reason?: string;
}

export interface HealthOptions {
  /** Needed only to tell a pod that is about to be scheduled from one that cannot be. */
  now?: Date;
  /** A Service of type LoadBalancer is current without an address. Default: it waits for one. */
  ignoreLoadBalancers?: boolean;
  /** For hooks: a Pod is current only when it has succeeded, not when it is ready. */
  untilComplete?: boolean;
}

export function current(message: string): Health {
  return { status: 'Current', message };
}

export function inProgress(reason: string, message: string): Health {
  return { status: 'InProgress', reason, message };
}

export function failed(reason: string, message: string): Health {
  return { status: 'Failed', reason, message };
}
