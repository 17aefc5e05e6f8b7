/**
 * The process that started this one. What is loaded first takes note of it: it may end before all
 * else is loaded.
 */
export const PARENT_PID = process.ppid;
