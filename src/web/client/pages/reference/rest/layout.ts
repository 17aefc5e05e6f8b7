import type { ComponentType } from 'react';
import type { SwaggerSystem } from 'swagger-ui-dist/swagger-ui-es-bundle.js';

/**
 * Only Swagger UI's operations and schemas: the page around it has the rest and the one <main>. The
 * locks are left out because the session signs in.
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

/** Gives a component, which is an input without a name, a label. */
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

/**
 * Removes the landmark role of an operation's responses: one for each operation would hide the
 * useful ones.
 */
function withoutRegions(
  Responses: ComponentType<object>,
  { React: { createElement } }: SwaggerSystem,
) {
  const removeRole = (box: HTMLElement | null) =>
    box?.querySelector('[role="region"]')?.removeAttribute('role');
  return (properties: object) =>
    createElement('div', { ref: removeRole }, createElement(Responses, properties));
}
