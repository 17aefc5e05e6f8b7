import './browser-language.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StandaloneExplorer } from './pages/explorer/standalone-explorer.js';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <StandaloneExplorer />
    </StrictMode>,
  );
}
