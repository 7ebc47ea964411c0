// SPDX-License-Identifier: Apache-2.0
//
// Work that waits: whose, since when, why not yet.
import { withQuery } from '../../api/client';
import type { Job } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Choice } from '../../parts/form';
import { PageTurns } from '../../parts/pages';
import { Reason } from '../../parts/reason';
import { useAnswer } from '../../parts/use-answer';
import { query, setQuery } from '../../shell/address';
import { formatAgo, formatTime } from '../../words/format';
import { say } from '../../words/words';

const kinds = ['stamp', 'examine', 'prove', 'evidence'] as const;

function Whose({ job }: { job: Job }) {
	const [kind, id] = job.for.split(/\/(.*)/, 2);

	return kind === 'dossier' && id ? (
		<a href={`/ho-so/${encodeURIComponent(id)}`}>{id}</a>
	) : (
		<>{job.for}</>
	);
}

function Row({ job }: { job: Job }) {
	const kind = kinds.find((known) => known === job.kind);

	return (
		<tr>
			<td data-label={say('jobs.kind')}>{kind ? say(`jobs.${kind}`) : job.kind}</td>
			<td data-label={say('jobs.for')}>
				<Whose job={job} />
			</td>
			<td data-label={say('jobs.since')}>
				{job.since ? `${formatTime(job.since)} (${formatAgo(job.since)})` : '–'}
			</td>
			<td data-label={say('jobs.state')}>
				{job.due
					? say('jobs.due')
					: say('jobs.next', { time: formatTime(job.next ?? 0), tries: job.tries ?? 0 })}
				{job.reason && (
					<>
						<br />
						<Reason of={job} />
					</>
				)}
			</td>
		</tr>
	);
}

function Rows({ jobs }: { jobs: Job[] }) {
	return (
		<table class="rows">
			<thead>
				<tr>
					<th scope="col">{say('jobs.kind')}</th>
					<th scope="col">{say('jobs.for')}</th>
					<th scope="col">{say('jobs.since')}</th>
					<th scope="col">{say('jobs.state')}</th>
				</tr>
			</thead>
			<tbody>
				{jobs.map((job) => (
					<Row key={`${job.kind} ${job.id}`} job={job} />
				))}
			</tbody>
		</table>
	);
}

export function Jobs() {
	const kind = query('kind');
	const after = query('after');
	const answer = useAnswer<{ jobs: Job[]; next?: string }>(
		withQuery('/jobs', { kind, after, limit: '20' }),
	);

	return (
		<section aria-label={say('jobs.title')}>
			<h2>{say('jobs.title')}</h2>
			<div class="narrow">
				<Choice
					label={say('jobs.kind')}
					name="kind"
					value={kind}
					none={say('jobs.all')}
					options={kinds.map((known) => ({ value: known, text: say(`jobs.${known}`) }))}
					onPick={(picked) => setQuery({ kind: picked, after: '' })}
				/>
			</div>
			<Answered answer={answer}>
				{({ jobs, next }) => (
					<>
						{jobs.length === 0 ? <p role="status">{say('jobs.none')}</p> : <Rows jobs={jobs} />}
						<PageTurns after={after} next={next} />
					</>
				)}
			</Answered>
		</section>
	);
}
