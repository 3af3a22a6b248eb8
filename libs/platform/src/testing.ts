export { findCrashPoints } from './find-crash-points.js';
export { ManualClock } from './manual-clock.js';
export { platformForTests, type RecordedLine, RecordedLog } from './platform-for-tests.js';
