import './badge.css';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

export type Tone = 'good' | 'reverse' | 'warning' | 'bad' | 'quiet';

const ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'dot',
  reverse: 'back',
  warning: 'warning',
  bad: 'cross',
  quiet: 'dash',
};

/** A state, shown by a word and a shape as well as by colour. */
export function Badge({
  tone,
  icon = ICONS[tone],
  title,
  children,
}: {
  tone: Tone;
  icon?: IconName;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className={`badge ${tone}`} title={title}>
      <Icon name={icon} /> {children}
    </span>
  );
}
