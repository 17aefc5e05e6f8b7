#!/usr/bin/env node
import '../dist/cli/started-by.js';
await import('../dist/main.js');
