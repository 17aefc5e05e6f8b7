import './badge.css';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

export type Tone = 'good' | 'warning' | 'bad' | 'quiet';

const ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'dot',
  warning: 'warning',
  bad: 'cross',
  quiet: 'dash',
};

/** A state, told by word and shape as well as by colour. */
export function Badge({
  tone,
  icon = ICONS[tone],
  children,
}: {
  tone: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon} /> {children}
    </span>
  );
}
