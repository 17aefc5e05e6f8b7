import type { FlowSensor, VolumeMethod } from '../../generated/prisma/client.js';
import type { ContinuationCandidate } from './continuation-store.js';

/** A device on a pipe. Degrees (WGS 84), inches, `maxGap` in seconds. */
export type SensorRecord = Omit<FlowSensor, keyof EarlierSettings | 'tagKeys'> & EarlierSettings;

/** What the settings that apply to times were earlier; null where they never changed. */
export interface EarlierSettings {
  readonly maxGapChangedAt: Date[] | null;
  readonly earlierMaxGaps: number[] | null;
  readonly methodChangedAt: Date[] | null;
  readonly earlierMethods: VolumeMethod[] | null;
  readonly meterFactorChangedAt: Date[] | null;
  readonly earlierMeterFactors: number[] | null;
}

export interface NewSensor {
  readonly name: string;
  readonly latitude?: number | null;
  readonly longitude?: number | null;
  readonly pipeDiameter?: number | null;
  readonly activatedAt?: Date | null;
  readonly maxGap?: number;
  readonly method?: VolumeMethod;
  readonly meterFactor?: number;
  readonly totalizerRollover?: number | null;
  readonly entryUnit?: string;
  readonly calendar?: string | null;
  readonly tags?: string[];
}

export type SensorChange = Partial<
  NewSensor & Pick<SensorRecord, 'retiredAt' | 'continuesSensorId' | 'continuesFrom' | 'checks'>
>;

/** What may refuse or complete a change, in its transaction. */
export interface ChangeRules {
  readonly lastPing?: (lastPingAt: Date | undefined) => void;
  /** @returns from when on the sensor continues the other one */
  readonly continuation?: (candidate: ContinuationCandidate) => Date;
}
