// One worker thread = one instance of the Helm module = one call at a time. Plain JavaScript, so that it runs as it is
// from the sources and from a build.
import { parentPort, workerData } from 'node:worker_threads';
import { startHelm } from './host.mjs';
import { positionWriter } from './position.mjs';

const nothing = new Uint8Array();
const module = await new Promise((resolve) => parentPort.once('message', resolve));
const helm = await startHelm(module, positionWriter(workerData.position));

parentPort.on('message', ({ body, blob }) => {
  try {
    const answer = helm.call(body, blob ?? nothing);
    parentPort.postMessage({ answer, memoryBytes: helm.memoryBytes });
  } catch (error) {
    // The instance is in an unknown state now: the pool replaces this worker.
    parentPort.postMessage({ crash: `${error.message}`.slice(0, 500), stderr: helm.stderr.slice(0, 500) });
  }
});
parentPort.postMessage({ ready: true });
