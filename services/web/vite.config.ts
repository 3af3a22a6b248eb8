import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@shipit/source', 'browser', 'module', 'import', 'default'] },
  // No inlined assets: the page's content security policy allows files of its own origin only.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    // Those that know light-dark(): what it is replaced by for older ones does not see the colour scheme that Mantine sets.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
});
