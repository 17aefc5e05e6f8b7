import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The built documents are templates, which src/web/server fills in. */
export default defineConfig({
  base: '/app/',
  experimental: {
    // Scripts refer to files by relative addresses, so that they can be under any base path.
    renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  plugins: [react()],
  build: {
    outDir: '../../../dist/web/client',
    emptyOutDir: true,
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    // A data: URL would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        ...{ app: 'index.html', login: 'login.html', explorer: 'explorer.html' },
        invitation: 'invitation.html',
      },
    },
  },
  worker: { format: 'es' },
});
