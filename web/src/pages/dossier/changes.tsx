// SPDX-License-Identifier: Apache-2.0
//
// One revision beside the one before it, in words.
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import { Answered } from '../../parts/answered';
import { useAnswer } from '../../parts/use-answer';
import { formatDays, formatTime } from '../../words/format';
import { say, sayCode } from '../../words/words';
import type { Revision } from './history';

type Members = Record<string, unknown>;

/** A value as somebody would say it; objects by what names them. */
function wordsOf(member: string, value: unknown): string {
	const { award, subject, code, attachment, status, reason, text, name, from, to, at } = Object(value) as Members;

	if (typeof value === 'string') {
		return member === 'status' ? nameOf('dossier-statuses', value) : /^\d{4}-\d\d-\d\d$/.test(value) ? formatDays(value) : value;
	}
	if (typeof value === 'number' || typeof value === 'boolean') {
		return String(value);
	}
	const parts = [
		typeof award === 'string' && nameOf('awards', award),
		typeof code === 'string' && nameOf('components', code),
		typeof status === 'string' && nameOf('dossier-statuses', status),
		...[reason, text, name, Object(subject).name, Object(attachment).name].map(
			(part) => typeof part === 'string' && part,
		),
		member === 'period' && formatDays({ from, to } as { from?: string; to?: string }),
		typeof at === 'number' && formatTime(at),
	];

	return parts.filter(Boolean).join(' – ') || say('trail.value');
}

interface Row {
	member: string;
	gone: string[];
	come: string[];
}

function listOf(value: unknown): unknown[] {
	return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** What is in `a` and not, or not so often, in `b`. */
function without(a: unknown[], b: unknown[]): unknown[] {
	const left = b.map((value) => JSON.stringify(value));

	return a.filter((value) => {
		const at = left.indexOf(JSON.stringify(value));

		if (at >= 0) {
			left.splice(at, 1);
		}
		return at < 0;
	});
}

function compare(members: string[], before: Members, after: Members): Row[] {
	return members.map((member) => {
		const [old, now] = [listOf(before[member]), listOf(after[member])];

		return {
			member,
			gone: without(old, now).map((value) => wordsOf(member, value)),
			come: without(now, old).map((value) => wordsOf(member, value)),
		};
	});
}

function Rows({ revision, path }: { revision: Revision; path: string }) {
	const before = useAnswer<Members>(`${path}?rev=${revision.rev - 1}`);
	const after = useAnswer<Members>(`${path}?rev=${revision.rev}`);

	return (
		<Answered answer={before}>
			{(old) => (
				<Answered answer={after}>
					{(now) => (
						<dl class="facts">
							{compare(revision.changed, old, now).map(({ member, gone, come }) => (
								<Fragment key={member}>
									<dt>{sayCode('member', member)}</dt>
									<dd>
										{gone.map((text, i) => (
											<p key={i}>
												<del>{text}</del>
											</p>
										))}
										{come.map((text, i) => (
											<p key={i}>
												<ins>{text}</ins>
											</p>
										))}
										{gone.length + come.length === 0 && say('trail.order')}
									</dd>
								</Fragment>
							))}
						</dl>
					)}
				</Answered>
			)}
		</Answered>
	);
}

export function Changes({ revision, path }: { revision: Revision; path: string }) {
	const [isOpen, setOpen] = useState(false);

	return (
		<details onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{say('trail.compare')}</summary>
			{isOpen && <Rows revision={revision} path={path} />}
		</details>
	);
}
