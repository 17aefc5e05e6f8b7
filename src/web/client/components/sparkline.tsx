import './sparkline.css';
import { memo } from 'react';
import { sparkline, type Spark } from './sparkline-path.js';

export const SPARK_SIZE = { width: 132, height: 30 };

/**
 * The shape of a day: a line that breaks at outages, which are shaded. The figures beside it give
 * the same in text.
 */
export const Sparkline = memo(function Sparkline(spark: Spark) {
  const { line, zero, outages } = sparkline(spark, SPARK_SIZE);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${SPARK_SIZE.width} ${SPARK_SIZE.height}`}
      aria-hidden="true"
    >
      {outages.map(({ x, width }) => (
        <rect key={x} className="sparkline-outage" x={x} width={width} height="100%" />
      ))}
      {zero !== undefined && (
        <path className="sparkline-zero" d={`M0 ${zero}H${SPARK_SIZE.width}`} />
      )}
      <path className="sparkline-line" d={line} />
    </svg>
  );
});
