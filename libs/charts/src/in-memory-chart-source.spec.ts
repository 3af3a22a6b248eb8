import { chartSourceContract } from './chart-source.contract.js';
import { InMemoryChartSource } from './in-memory-chart-source.js';

chartSourceContract('the source in memory', (chart) => {
  const source = new InMemoryChartSource();
  source.add('https://example.com', chart);
  return Promise.resolve({ source, repository: 'https://example.com', context: {} });
});
