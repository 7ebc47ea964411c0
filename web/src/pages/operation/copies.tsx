// SPDX-License-Identifier: Apache-2.0
//
// Backups and the drills that prove them: how old, and what would be lost.
import type { BackupNote, Backups } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Reason } from '../../parts/reason';
import { useAnswer } from '../../parts/use-answer';
import { formatAgo, formatLength, formatNumber, formatTime } from '../../words/format';
import { say } from '../../words/words';

function Verdict({ note }: { note: BackupNote }) {
	return (
		<>
			<span class={`badge badge-${note.good ? 'good' : 'bad'}`}>
				{say(note.good ? 'copies.good' : 'copies.failed')}
			</span>{' '}
			{note.findings ? <span>{say('copies.findings', { count: note.findings })} </span> : null}
			<Reason of={note} />
		</>
	);
}

function Notes({ notes, label }: { notes: BackupNote[]; label: string }) {
	return (
		<table class="rows">
			<caption class="unseen">{label}</caption>
			<thead>
				<tr>
					<th scope="col">{say('copies.at')}</th>
					<th scope="col">{say('copies.verdict')}</th>
					<th scope="col">{say('copies.holds')}</th>
					<th scope="col">{say('copies.place')}</th>
				</tr>
			</thead>
			<tbody>
				{notes.map((note) => (
					<tr key={note.at}>
						<td data-label={say('copies.at')}>
							{formatTime(note.at)}
							<br />
							<span class="hint">
								{formatAgo(note.at)}
								{note.took_us ? `, ${say('copies.took', { length: formatLength(note.took_us) })}` : ''}
							</span>
						</td>
						<td data-label={say('copies.verdict')}>
							<Verdict note={note} />
						</td>
						<td data-label={say('copies.holds')}>
							{note.good && note.entries ? say('health.entries', { count: formatNumber(note.entries) }) : '–'}
							{note.lost_entries !== undefined && note.good && (
								<>
									<br />
									<span class="hint">
										{say('copies.lost', { count: formatNumber(note.lost_entries) })}
									</span>
								</>
							)}
						</td>
						<td data-label={say('copies.place')}>
							<code>{note.place === '-' ? say('copies.stream') : (note.place ?? '–')}</code>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

/** What stands first: is there a good one, how old, what came after it. */
function Newest({ book }: { book: Backups }) {
	const good = book.backups.find((note) => note.good);
	const proved = book.drills.find((note) => note.good);
	const hasFailed = [book.backups[0], book.drills[0]].some((note) => note && !note.good);

	return (
		<div class={`note note-${good && proved && !hasFailed ? 'good' : 'bad'}`}>
			{hasFailed && <p>{say('copies.last-failed')}</p>}
			<p>
				{good
					? say('copies.newest', {
							ago: formatAgo(good.at),
							count: formatNumber(Math.max(0, book.log_entries - (good.entries ?? 0))),
						})
					: say('copies.none')}
			</p>
			<p>{proved ? say('copies.proved', { ago: formatAgo(proved.at) }) : say('copies.unproved')}</p>
			{book.unreadable > 0 && <p>{say('copies.unreadable', { count: book.unreadable })}</p>}
		</div>
	);
}

export function Copies() {
	const answer = useAnswer<Backups>('/backups');

	return (
		<section aria-label={say('copies.title')}>
			<h2>{say('copies.title')}</h2>
			<Answered answer={answer}>
				{(book) => (
					<>
						<Newest book={book} />
						<p class="hint">{say('copies.how')}</p>
						{book.backups.length > 0 && (
							<>
								<h3>{say('copies.backups')}</h3>
								<Notes notes={book.backups.slice(0, 5)} label={say('copies.backups')} />
							</>
						)}
						{book.drills.length > 0 && (
							<>
								<h3>{say('copies.drills')}</h3>
								<Notes notes={book.drills.slice(0, 5)} label={say('copies.drills')} />
							</>
						)}
					</>
				)}
			</Answered>
		</section>
	);
}
