import './coverage.css';
import { percent } from '../format.js';

/**
 * @param share the part of the time that is measured, of 1; undefined where no reading is due yet
 */
export function Coverage({ share }: { share: number | undefined }) {
  if (share === undefined) return <span className="coverage">pending</span>;
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
