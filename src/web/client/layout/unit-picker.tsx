import { useState } from 'react';
import { useMutation, type CombinedError } from 'urql';
import {
  UpdateViewerDocument,
  type FlowrateUnit,
  type VolumeUnit,
} from '../../../generated/graphql/graphql.js';
import { unitName } from '../../../domain/shared/unit-name.js';
import { FLOWRATE_UNITS, VOLUME_UNITS } from '../../../domain/shared/units.js';
import { reasonOf } from '../components/failure.js';
import { displayUnits, unitLabel } from '../display-units.js';

/** The user's units of volumes and flowrates. The page is loaded again in another unit. */
export function UnitPicker() {
  const [, update] = useMutation(UpdateViewerDocument);
  const [error, setError] = useState<CombinedError>();
  const change = async (input: { volumeUnit: VolumeUnit } | { flowrateUnit: FlowrateUnit }) => {
    const result = await update({ input });
    setError(result.error);
    if (!result.error) window.location.reload();
  };
  return (
    <div className="unit-picker">
      <UnitSelect
        label="Volumes in"
        units={VOLUME_UNITS}
        value={displayUnits.volumeUnit}
        onChange={(name) => void change({ volumeUnit: name as VolumeUnit })}
      />
      <UnitSelect
        label="Flowrates in"
        units={FLOWRATE_UNITS}
        value={displayUnits.flowrateUnit}
        onChange={(name) => void change({ flowrateUnit: name as FlowrateUnit })}
      />
      {error && (
        <p className="small bad" role="alert">
          Not changed. {reasonOf(error)}
        </p>
      )}
    </div>
  );
}

function UnitSelect({
  label,
  units,
  value,
  onChange,
}: {
  label: string;
  units: readonly string[];
  value: string;
  onChange: (name: string) => void;
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => onChange(unitName(target.value))}>
        {units.map((unit) => (
          <option key={unit} value={unit}>
            {unitLabel(unit)}
          </option>
        ))}
      </select>
    </label>
  );
}
