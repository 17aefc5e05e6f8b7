import { useState } from 'react';
import type { SensorQuery } from '../../../../generated/graphql/graphql.js';
import { SensorForm } from '../../components/sensor-form.js';
import { ServiceDialog } from './service-dialog.js';

/** What an administrator changes of a sensor. */
export function SensorActions({
  sensor,
  onChanged,
}: {
  sensor: NonNullable<SensorQuery['flowSensor']>;
  onChanged: () => void;
}) {
  const [open, setOpen] = useState<'settings' | 'service'>();
  const close = () => setOpen(undefined);
  const done = () => {
    close();
    onChanged();
  };
  return (
    <div className="row">
      <button type="button" onClick={() => setOpen('settings')}>
        Edit sensor
      </button>
      <button type="button" onClick={() => setOpen('service')}>
        {sensor.retiredAt ? 'Return to service' : 'Retire sensor'}
      </button>
      {open === 'settings' && <SensorForm sensor={sensor} onSaved={done} onClose={close} />}
      {open === 'service' && <ServiceDialog sensor={sensor} onDone={done} onClose={close} />}
    </div>
  );
}
