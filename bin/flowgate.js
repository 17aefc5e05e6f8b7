#!/usr/bin/env node
import '../dist/cli/parent-pid.js';
await import('../dist/main.js');
