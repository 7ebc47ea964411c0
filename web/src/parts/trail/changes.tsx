// SPDX-License-Identifier: Apache-2.0
//
// One revision beside the one before it, in words.
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import { Answered } from '../answered';
import { UnitLink } from '../unit-link';
import { useAnswer } from '../use-answer';
import { formatDays, formatTime, today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import type { Revision, Trailed } from './trail';

type Members = Record<string, unknown>;

/** A code or a day as it is called. */
function textOf(of: Trailed, member: string, value: string): string {
	if (member === 'status') {
		return nameOf('dossier-statuses', value);
	}
	if (member === 'state') {
		return say(value === 'revoked' ? 'decision.revoked' : 'decision.granted');
	}
	if (member === 'kind') {
		return of === 'document' ? nameOf('document-kinds', value) : sayCode('dossier-kind', value);
	}
	return /^\d{4}-\d\d-\d\d$/.test(value) ? formatDays(value) : value;
}

/** A value as somebody would say it; objects by what names them. */
function wordsOf(of: Trailed, member: string, value: unknown): string {
	const { award, subject, code, attachment, status, reason, text, name, position, reference, from, to, at } =
		Object(value) as Members;

	if (typeof value === 'string') {
		return textOf(of, member, value);
	}
	if (typeof value === 'number' || typeof value === 'boolean') {
		return String(value);
	}
	const parts = [
		typeof award === 'string' && nameOf('awards', award),
		typeof code === 'string' && nameOf('components', code),
		typeof status === 'string' && nameOf('dossier-statuses', status),
		...[reason, text, name, position, reference, Object(subject).name, Object(attachment).name].map(
			(part) => typeof part === 'string' && part,
		),
		['period', 'date'].includes(member) && formatDays({ from, to } as { from?: string; to?: string }),
		typeof at === 'number' && formatTime(at),
	];

	return parts.filter(Boolean).join(' – ') || say('trail.value');
}

/** The same; a unit as a link to it, by its name. */
function Words({ of, member, value }: { of: Trailed; member: string; value: unknown }) {
	const unit = member === 'unit' ? value : member === 'issuer' ? Object(value).unit : undefined;

	return typeof unit === 'string' ? <UnitLink id={unit} day={today()} /> : <>{wordsOf(of, member, value)}</>;
}

interface Row {
	member: string;
	gone: unknown[];
	come: unknown[];
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
			gone: without(old, now),
			come: without(now, old),
		};
	});
}

function Rows({ revision, of, path }: { revision: Revision; of: Trailed; path: string }) {
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
									<dt>{sayCode(`member.${of}`, member)}</dt>
									<dd>
										{gone.map((value, i) => (
											<p key={i}>
												<del>
													<Words of={of} member={member} value={value} />
												</del>
											</p>
										))}
										{come.map((value, i) => (
											<p key={i}>
												<ins>
													<Words of={of} member={member} value={value} />
												</ins>
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

export function Changes({ revision, of, path }: { revision: Revision; of: Trailed; path: string }) {
	const [isOpen, setOpen] = useState(false);

	return (
		<details onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{say('trail.compare')}</summary>
			{isOpen && <Rows revision={revision} of={of} path={path} />}
		</details>
	);
}
