// SPDX-License-Identifier: Apache-2.0
//
// What was done to a record, by whom and when, newest first; each act with its
// entry in the log, and what proves that.
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

export interface Revision {
	rev: number;
	act: string;
	at: number;
	by: string;
	changed: string[];
	entry: number;
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

/** What has a trail; it words what its members are called. */
export type Trailed = 'dossier' | 'document';

/** A document is made by the act that changes it, too. */
function actOf({ act, rev }: Revision): string {
	return act === 'document.write' && rev === 1 ? say('act.document.new') : sayCode('act', act);
}

function Act({ revision, of, path }: { revision: Revision; of: Trailed; path: string }) {
	return (
		<li class="trail-act">
			<p>
				<strong>{actOf(revision)}</strong>
				{revision.status && (
					<span class="badge badge-open">{nameOf('dossier-statuses', revision.status)}</span>
				)}
			</p>
			<p>
				{formatTime(revision.at)} · <Person id={revision.by} />
			</p>
			{revision.changed.length > 0 && (
				<p class="hint">
					{say('trail.changed', {
						what: revision.changed.map((member) => sayCode(`member.${of}`, member)).join(', '),
					})}
				</p>
			)}
			{revision.rev > 1 && <Changes revision={revision} of={of} path={path} />}
			<SelfCheck revision={revision} path={path} />
		</li>
	);
}

function Acts({ of, path }: { of: Trailed; path: string }) {
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
			<ol class="trail" reversed start={trail.revisions[0]?.rev}>
				{trail.revisions.map((revision) => (
					<Act key={revision.rev} revision={revision} of={of} path={path} />
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
export function TrailFold({ of, path }: { of: Trailed; path: string }) {
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
				{isOpen && <Acts of={of} path={path} />}
			</details>
		</section>
	);
}
