export { chartFiles, chartOf, InMemoryChartSource } from './in-memory-chart-source.js';
