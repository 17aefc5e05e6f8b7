import type { ComponentType } from 'react';
import type { SwaggerSystem } from 'swagger-ui-dist/swagger-ui-es-bundle.js';

/**
 * Swagger UI's operations and schemas alone: what else it would show is on the page around it, among it a second
 * <main>. Its locks are left out, since the session signs in.
 */
export function referenceLayout(name: string) {
  return ({ React: { createElement } }: Pick<SwaggerSystem, 'React'>) => {
    const Layout = ({ getComponent }: Pick<SwaggerSystem, 'getComponent'>) => {
      const part = (component: string) => createElement(getComponent(component, true));
      return createElement(
        'div',
        { className: 'swagger-ui' },
        createElement(getComponent('SvgAssets')),
        part('errors'),
        createElement('h2', { className: 'visually-hidden' }, 'Operations'),
        part('operations'),
        part('Models'),
      );
    };
    return {
      components: { [name]: Layout, authorizeOperationBtn: () => null },
      wrapComponents: {
        ExamplesSelect: labelled(() => 'Example'),
        JsonSchemaForm: labelled(({ description = 'Value' }) => description),
        RequestBodyEditor: labelled(() => 'Request body'),
        responses: withoutRegions,
      },
    };
  };
}

interface InputProperties {
  readonly description?: string;
}

/** Around a component that is an input without a name. */
function labelled(nameOf: (properties: InputProperties) => string) {
  return (Input: ComponentType<InputProperties>, { React: { createElement } }: SwaggerSystem) =>
    (properties: InputProperties) =>
      createElement(
        'label',
        null,
        createElement('span', { className: 'visually-hidden' }, nameOf(properties)),
        createElement(Input, properties),
      );
}

/** The table of an operation's answers is no place in the page that one would look for. */
function withoutRegions(
  Responses: ComponentType<object>,
  { React: { createElement } }: SwaggerSystem,
) {
  const mend = (box: HTMLElement | null) =>
    box?.querySelector('[role="region"]')?.removeAttribute('role');
  return (properties: object) =>
    createElement('div', { ref: mend }, createElement(Responses, properties));
}
