// Loaded into each server of a benchmark: reports on request the size of the heap after a full
// garbage collection, in bytes. Node is started with --expose-gc.
process.on('message', () => {
  globalThis.gc();
  process.send(process.memoryUsage().heapUsed);
});
// Without this, listening would keep a finished process alive.
process.channel?.unref();
