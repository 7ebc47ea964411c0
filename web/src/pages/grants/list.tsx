// SPDX-License-Identifier: Apache-2.0
import { nameOf } from '../../api/laws';
import type { Day, Span, Subject } from '../../api/types';
import { Answered } from '../../parts/answered';
import { MoreButton, usePages } from '../../parts/pages';
import { formatDays, formatNumber } from '../../words/format';
import { say, sayCode } from '../../words/words';

interface Grant {
	id: string;
	award: string;
	unit: string;
	date: Day | Span;
	decision: string;
	state: 'granted' | 'revoked';
	subject: Subject & { cadre?: string; woman?: boolean; ethnic_minority?: boolean };
	revocation?: { date: Day; reason: string };
}

interface GrantList {
	grants: Grant[];
	/** Units and references of decisions, by id. */
	names: Record<string, string>;
	references: Record<string, string>;
	hidden?: number;
	next?: string;
}

/** A name with what it is, or how many it stands for. */
function Who({ subject }: { subject: Grant['subject'] }) {
	const kind = sayCode('subject', subject.kind);
	const more = [
		subject.cadre && sayCode('attribute', subject.cadre),
		subject.woman && say('attribute.woman'),
		subject.ethnic_minority && say('attribute.ethnic_minority'),
	].filter(Boolean);

	return (
		<>
			{subject.name ?? say('grants.many', { count: formatNumber(subject.count ?? 1), kind })}
			<span class="hint">{[subject.name && ` ${kind}`, ...more].filter(Boolean).join(' · ')}</span>
		</>
	);
}

function Row({ grant, list }: { grant: Grant; list: GrantList }) {
	return (
		<tr>
			<td data-label={say('grants.date')}>{formatDays(grant.date)}</td>
			<td data-label={say('grants.who')}>
				<Who subject={grant.subject} />
				{grant.state === 'revoked' && (
					<div>
						<span class="badge badge-bad">{say('grants.revoked')}</span>{' '}
						<span class="hint">{grant.revocation?.reason}</span>
					</div>
				)}
			</td>
			<td data-label={say('grants.award')}>{nameOf('awards', grant.award)}</td>
			<td data-label={say('grants.of')}>
				<a href={`/don-vi/${grant.unit}`}>{list.names[grant.unit] ?? grant.unit}</a>
			</td>
			<td data-label={say('grants.decision')}>
				<a href={`/quyet-dinh/${grant.decision}`}>
					{list.references[grant.decision] ?? say('grants.decision.unknown')}
				</a>
			</td>
		</tr>
	);
}

/** The first page of `path`, and a further one whenever the reader asks. */
export function GrantPages({ path }: { path: string }) {
	const list = usePages<GrantList>(path);
	const rows = list.pages.flatMap((page) => page.grants.map((grant): [Grant, GrantList] => [grant, page]));
	const hidden = list.pages.reduce((sum, page) => sum + (page.hidden ?? 0), 0);

	return (
		<Answered answer={list.answer}>
			{(shown) => (
				<>
					{rows.length > 0 ? (
						<table class="rows grants">
							<thead>
								<tr>
									<th scope="col">{say('grants.date')}</th>
									<th scope="col">{say('grants.who')}</th>
									<th scope="col">{say('grants.award')}</th>
									<th scope="col">{say('grants.of')}</th>
									<th scope="col">{say('grants.decision')}</th>
								</tr>
							</thead>
							<tbody>
								{rows.map(([grant, page]) => (
									<Row key={grant.id} grant={grant} list={page} />
								))}
							</tbody>
						</table>
					) : (
						<p>{shown.next ? say('grants.none-yet') : say('grants.none')}</p>
					)}
					{hidden > 0 && <p class="hint">{say('grants.hidden', { count: hidden })}</p>}
					<MoreButton list={list} last={shown} />
				</>
			)}
		</Answered>
	);
}
