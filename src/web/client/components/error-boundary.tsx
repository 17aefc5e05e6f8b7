import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
  /** where the children are shown: after a change they are others, and are tried again */
  readonly location: string;
}

interface State {
  readonly hasFailed: boolean;
  readonly location?: string;
}

/** Keeps the navigation usable when a page throws an error, until another page is opened. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { hasFailed: false };

  static getDerivedStateFromError(): Partial<State> {
    return { hasFailed: true };
  }

  static getDerivedStateFromProps({ location }: Props, state: State): State | null {
    return location === state.location ? null : { hasFailed: false, location };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <div className="notice bad" role="alert">
        <p>
          <strong>This page stopped working</strong> because of an unexpected error.
        </p>
        <button type="button" onClick={() => window.location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}
