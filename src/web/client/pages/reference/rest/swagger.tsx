import 'swagger-ui-dist/swagger-ui.css';
import './swagger.css';
import { useEffect, useRef } from 'react';
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import { csrfToken } from '../../../session.js';
import { useTheme } from '../../../use-theme.js';
import type { OpenApiDocument } from './document.js';
import { referenceLayout } from './layout.js';

const LAYOUT = 'ReferenceLayout';

/** An OpenAPI document, whose operations the signed-in user can try. */
export function Swagger({ document: spec }: { document: OpenApiDocument }) {
  const box = useRef<HTMLDivElement>(null);
  useSwaggerTheme();
  useEffect(() => {
    const domNode = box.current?.appendChild(document.createElement('div'));
    if (!domNode) return;
    const ui = SwaggerUI({
      domNode,
      spec,
      plugins: [referenceLayout(LAYOUT)],
      layout: LAYOUT,
      docExpansion: 'list',
      displayRequestDuration: true,
      syntaxHighlight: { theme: 'arta' },
      // The curl command shows what a program would send; requests from this page are signed in by
      // the session.
      onComplete: () => ui.preauthorizeApiKey('token', 'Token KEY'),
      showMutatedRequest: false,
      requestInterceptor: (request) => {
        delete request.headers.Authorization;
        request.headers['X-CSRF-Token'] = csrfToken();
        return request;
      },
    });
    return () => domNode.remove();
  }, [spec]);
  return <div className="reference-rest" ref={box} />;
}

/** Switches Swagger UI's dark theme, which is a class of the document. */
function useSwaggerTheme(): void {
  const isDark = useTheme() === 'dark';
  useEffect(() => {
    const { classList } = document.documentElement;
    classList.toggle('dark-mode', isDark);
    return () => classList.remove('dark-mode');
  }, [isDark]);
}
