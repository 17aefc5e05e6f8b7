import './periods.css';
import { useState } from 'react';
import { useQuery } from 'urql';
import { Link, useSearchParams } from 'wouter';
import { PeriodGroupsDocument } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { FormField } from '../../components/form-field.js';
import { Loading } from '../../components/loading.js';
import { PageHeading } from '../../components/page-heading.js';
import { useViewer } from '../../use-viewer.js';
import { GroupPeriods } from './group-periods.js';
import { PeriodDetails } from './period-details.js';

/** Periods of sensor groups that are closed, so that their figures stand. */
export default function PeriodsPage() {
  const isAdmin = useViewer().isAdmin ?? false;
  const [parameters, setParameters] = useSearchParams();
  const [{ data, error }, reload] = useQuery({ query: PeriodGroupsDocument });
  const [news, setNews] = useState('');
  const groups = data?.sensorGroups.nodes;
  const group = groups?.find(({ id }) => id === parameters.get('group')) ?? groups?.[0];
  const period = parameters.get('period');
  return (
    <div className="stack periods">
      <PageHeading title="Periods" />
      <p className="quiet">
        The figures of a closed period stand. Late and corrected readings are still accepted: what
        they change is an adjustment, to be accepted or rejected.
      </p>
      <p role="status" className={news ? 'notice' : 'visually-hidden'}>
        {news}
      </p>
      {error && <Failure what="The groups of sensors" error={error} retry={() => reload()} />}
      {!groups && !error && <Loading what="groups of sensors" />}
      {groups && !group && (
        <p>
          Periods are of groups of sensors, and there is no group yet. Make one on the page{' '}
          <Link href="/groups">Groups</Link>.
        </p>
      )}
      {groups && group && (
        <>
          <FormField label="Group">
            {(input) => (
              <select
                {...input}
                value={group.id}
                onChange={({ target }) => setParameters({ group: target.value })}
              >
                {groups.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </FormField>
          <GroupPeriods
            key={group.id}
            group={group}
            isAdmin={isAdmin}
            chosen={period}
            onChoose={(id) => setParameters({ group: group.id, period: id })}
            onChanged={setNews}
          />
          {period && (
            <PeriodDetails key={period} id={period} isAdmin={isAdmin} onChanged={setNews} />
          )}
        </>
      )}
    </div>
  );
}
