// SPDX-License-Identifier: Apache-2.0
//
// What was done to a record and to what belongs to it, by whom and when, newest
// first; each act with its entry in the log, and what proves that.
import './trail.css';

import { useEffect, useState } from 'preact/hooks';

import { get, type Problem, withQuery } from '../../api/client';
import { nameOf } from '../../api/laws';
import { Waiting } from '../answered';
import { Person } from '../person';
import { ProblemBox } from '../problem';
import { problemOf } from '../use-answer';
import { query, setQuery } from '../../shell/address';
import { formatTime } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { Changes } from './changes';
import { SelfCheck } from './self-check';

interface About {
	award?: string;
	decision?: string;
	name?: string;
	reference?: string;
	/** A recipient's; of a document, what it is about. */
	subject?: { name?: string } | string;
	verdict?: string;
}

export interface Revision {
	rev: number;
	act: string;
	at: number;
	by: string;
	changed: string[];
	entry: number;
	/** "dossier/ID", or what belongs to it: "grant/ID". */
	object: string;
	/** Of another record than the dossier. */
	about?: About;
	/** What the entry says; absent where it tells of what the reader may not read. */
	leaf?: string;
	status?: string;
}

interface Trail {
	revisions: Revision[];
	next?: string;
}

const OPEN = 'lich-su';

/** All pages that were asked for, one behind the other. */
function useTrail(path: string) {
	const [trail, setTrail] = useState<Trail>();
	const [problem, setProblem] = useState<Problem>();

	function more(after?: Trail) {
		setProblem(undefined);
		get<Trail>(withQuery(`${path}/history`, { cursor: after?.next })).then(
			(page) => setTrail({ ...page, revisions: [...(after?.revisions ?? []), ...page.revisions] }),
			(thrown: unknown) => setProblem(problemOf(thrown)),
		);
	}
	useEffect(() => more(), [path]);
	return { trail, problem, more };
}

/** Kinds of record that a trail tells of; they word what their members are called. */
export type Trailed = 'dossier' | 'document' | 'decision' | 'grant' | 'examination';

/** A document is made by the act that changes it, too. */
function actOf({ act, rev }: Revision): string {
	return act === 'document.write' && rev === 1 ? say('act.document.new') : sayCode('act', act);
}

/** Where the record itself is had; what was found in a file is not had alone. */
function recordOf(kind: string, id: string): string | undefined {
	return kind === 'examination' ? undefined : `/${kind}s/${encodeURIComponent(id)}`;
}

function pageOf(kind: string, id: string, about: About): string | undefined {
	const decision = kind === 'decision' ? id : about.decision;

	return kind === 'document'
		? `/van-ban/${encodeURIComponent(id)}`
		: decision && `/quyet-dinh/${encodeURIComponent(decision)}`;
}

/** What else than the trail's own record it was done to, in words and with a way there. */
function Whom({ kind, id, about }: { kind: string; id: string; about: About }) {
	const page = pageOf(kind, id, about);
	const text = [
		about.award && nameOf('awards', about.award),
		about.reference,
		typeof about.subject === 'string' ? about.subject : about.subject?.name,
		about.name,
		about.verdict && sayCode('verdict', about.verdict),
	].filter(Boolean).join(' – ') || say('trail.decision');

	return <p>{page ? <a href={page}>{text}</a> : text}</p>;
}

function Act({ revision, path }: { revision: Revision; path: string }) {
	const [kind = '', id = ''] = revision.object.split('/');
	const record = recordOf(kind, id);
	const isLater = revision.rev > 1;

	return (
		<li class="trail-act">
			<p>
				<strong>{actOf(revision)}</strong>
				{revision.status && (
					<span class="badge badge-open">{nameOf('dossier-statuses', revision.status)}</span>
				)}
			</p>
			{revision.about && <Whom kind={kind} id={id} about={revision.about} />}
			<p>
				{formatTime(revision.at)} · <Person id={revision.by} />
			</p>
			{revision.changed.length > 0 && (
				<p class="hint">
					{say('trail.changed', {
						what: revision.changed.map((member) => sayCode(`member.${kind}`, member)).join(', '),
					})}
				</p>
			)}
			{record && isLater && <Changes revision={revision} of={kind as Trailed} path={record} />}
			<SelfCheck
				revision={revision}
				receipt={withQuery(`${path}/history/${revision.rev}/receipt`, {
					of: revision.about && revision.object,
				})}
				record={record && `${record}?rev=${revision.rev}`}
			/>
		</li>
	);
}

function Acts({ path }: { path: string }) {
	const { trail, problem, more } = useTrail(path);

	if (problem) {
		return <ProblemBox problem={problem} again={() => more(trail)} />;
	}
	if (!trail) {
		return <Waiting />;
	}
	return (
		<>
			<p class="hint">{say('trail.what')}</p>
			<ol class="trail">
				{trail.revisions.map((revision) => (
					<Act key={revision.entry} revision={revision} path={path} />
				))}
			</ol>
			{trail.next && (
				<button type="button" onClick={() => more(trail)}>
					{say('trail.more')}
				</button>
			)}
		</>
	);
}

/** Shut until somebody asks, which then stands in the address. */
export function TrailFold({ path }: { path: string }) {
	const isOpen = query(OPEN) !== '';

	return (
		<section class="trail-fold">
			<h2>{say('trail')}</h2>
			<details
				open={isOpen}
				onToggle={(event) => {
					if (event.currentTarget.open !== isOpen) {
						setQuery({ [OPEN]: event.currentTarget.open ? '1' : '' });
					}
				}}
			>
				<summary>{say('trail.open')}</summary>
				{isOpen && <Acts path={path} />}
			</details>
		</section>
	);
}
