import { collectDefaultMetrics, Registry } from 'prom-client';

/** This service's Prometheus metrics; every one carries the service's name. */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }
}
