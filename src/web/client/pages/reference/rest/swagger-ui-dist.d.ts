/** The parts of Swagger UI that are used here; it ships without types. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  import type { ComponentType, createElement } from 'react';

  export interface SwaggerSystem {
    React: { createElement: typeof createElement };
    getComponent(name: string, isContainer?: boolean): ComponentType;
    preauthorizeApiKey(scheme: string, value: string): void;
  }
  interface SwaggerRequest {
    headers: Record<string, string>;
  }
  interface SwaggerOptions {
    domNode: HTMLElement;
    spec: object;
    plugins: readonly ((system: SwaggerSystem) => object)[];
    layout: string;
    docExpansion: 'list' | 'full' | 'none';
    displayRequestDuration: boolean;
    syntaxHighlight: { theme: string };
    showMutatedRequest: boolean;
    requestInterceptor: (request: SwaggerRequest) => SwaggerRequest;
    onComplete: () => void;
  }
  const SwaggerUI: (options: SwaggerOptions) => SwaggerSystem;
  export default SwaggerUI;
}
