import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** This service's Prometheus metrics; every one carries the service's name. */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  /** The counter of this name; made at its first use. */
  counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    const known = this.registry.getSingleMetric(name) as Counter<L> | undefined;
    return known ?? new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** The gauge of this name; made at its first use. */
  gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    const known = this.registry.getSingleMetric(name) as Gauge<L> | undefined;
    return known ?? new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /** The histogram of this name, of seconds; made at its first use. */
  histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    const known = this.registry.getSingleMetric(name) as Histogram<L> | undefined;
    return known ?? new Histogram({ name, help, labelNames, registers: [this.registry] });
  }
}
