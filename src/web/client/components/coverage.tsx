import './coverage.css';
import { percent } from '../format.js';

/** How much of a figure is measured: a share of 1. */
export function Coverage({ share }: { share: number }) {
  return (
    <span className={share < 0.9 ? 'coverage low' : 'coverage'}>
      <svg viewBox="0 0 40 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="coverage-all" width="40" height="6" rx="2" />
        <rect className="coverage-part" width={40 * share} height="6" rx="2" />
      </svg>
      {percent(share)}
    </span>
  );
}
