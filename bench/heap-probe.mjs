// In each server of a benchmark: tells the bench, whenever asked, what is left of the heap
// after a full garbage collection, in bytes. Node is started with --expose-gc.
process.on('message', () => {
  globalThis.gc();
  process.send(process.memoryUsage().heapUsed);
});
// Listening would keep a process that has ended its work.
process.channel?.unref();
