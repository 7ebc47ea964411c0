// SPDX-License-Identifier: Apache-2.0
//
// Who is proposed for what.
import { useRef, useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import { nameOf } from '../../api/laws';
import type { Proposal, Subject } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Choice, Form, Group, TextField, Tick } from '../../parts/form';
import { UnitChoice } from '../../parts/unit-choice';
import { useAnswer } from '../../parts/use-answer';
import { Whom, whomOf } from '../../parts/whom';
import { say, sayCode, spoken } from '../../words/words';
import { DemandList } from './demands';
import type { Kept } from './drafts';
import { dayOf, type Fields } from './fields';
import { traitsOf } from './subject-words';

interface AwardRow {
	code: string;
	name: string;
	english?: string;
	subjects: string[];
	legacy?: boolean;
}

const subjectKinds = ['individual', 'collective', 'household'];
const cadres = ['direct_worker', 'leader_other', 'leader_business', 'leader_department', 'leader_province'];
const nobody: Proposal = { award: '', subject: { kind: 'individual', name: '' } };

/** Without what is not so: a record has only what is. */
function tidied(subject: Subject): Subject {
	const kept = Object.entries(subject).filter(([, value]) => value !== '' && value !== false);

	return { ...(Object.fromEntries(kept) as unknown as Subject), kind: subject.kind };
}

function Traits({ subject, onType }: { subject: Subject; onType: (changes: Partial<Subject>) => void }) {
	return (
		<Group title={say('making.traits')}>
			<Choice
				label={say('making.cadre')}
				name="cadre"
				value={subject.cadre ?? ''}
				none={say('making.cadre.none')}
				options={cadres.map((cadre) => ({ value: cadre, text: sayCode('attribute', cadre) }))}
				onPick={(cadre) => onType({ cadre })}
			/>
			<Tick
				label={say('attribute.woman')}
				name="woman"
				isOn={subject.woman ?? false}
				onSet={(woman) => onType({ woman })}
			/>
			<Tick
				label={say('attribute.ethnic_minority')}
				name="ethnic_minority"
				isOn={subject.ethnic_minority ?? false}
				onSet={(ethnic_minority) => onType({ ethnic_minority })}
			/>
		</Group>
	);
}

function AwardChoice({ proposal, fields, onPick }: {
	proposal: Proposal;
	fields: Fields;
	onPick: (award: string) => void;
}) {
	const answer = useAnswer<{ rows: AwardRow[] }>(withQuery('/rules/awards', { date: dayOf(fields) }));

	return (
		<Answered answer={answer}>
			{({ rows }) => (
				<Choice
					label={say('making.award')}
					name="award"
					value={proposal.award}
					isRequired
					options={rows
						.filter((row) => !row.legacy && row.subjects.includes(proposal.subject.kind))
						.map((row) => ({
							value: row.code,
							text: spoken(row.name, row.english),
						}))}
					onPick={onPick}
				/>
			)}
		</Answered>
	);
}

/** Who is being typed; he joins the list when the button is pressed. */
function CandidateForm({ candidate, fields, onType, onAdd, onLeave }: {
	candidate: NonNullable<Kept['candidate']>;
	fields: Fields;
	onType: (proposal: Proposal) => void;
	onAdd: () => void;
	onLeave: () => void;
}) {
	const { proposal, at } = candidate;
	const { subject } = proposal;
	const type = (changes: Partial<Subject>) => onType({ ...proposal, subject: { ...subject, ...changes } });

	return (
		<Form
			label={say(at === undefined ? 'making.candidate.new' : 'making.candidate.edit')}
			doing={say(at === undefined ? 'making.candidate.add' : 'making.candidate.change')}
			onSend={onAdd}
			beside={
				(at !== undefined || subject.name) && (
					<button type="button" onClick={onLeave}>
						{say('form.leave')}
					</button>
				)
			}
		>
			<div class="making-row">
				<Choice
					label={say('making.subject')}
					name="subject"
					value={subject.kind}
					isRequired
					options={subjectKinds.map((kind) => ({ value: kind, text: sayCode('making.subject', kind) }))}
					onPick={(kind) =>
						onType({
							award: '',
							subject: kind === 'individual' ? { ...subject, kind } : { kind, name: subject.name ?? '' },
						})
					}
				/>
				<TextField
					label={say('making.name')}
					name="name"
					value={subject.name ?? ''}
					isRequired
					onType={(name) => type({ name })}
				/>
			</div>
			{subject.kind === 'collective' && (
				<UnitChoice
					label={say('making.unit-of')}
					name="subject_unit"
					value={subject.unit ?? ''}
					day={dayOf(fields)}
					hint={say('making.unit-of.what')}
					onPick={(unit, name) => type(name === '' ? { unit } : { unit, name })}
				/>
			)}
			<AwardChoice proposal={proposal} fields={fields} onPick={(award) => onType({ ...proposal, award })} />
			{subject.kind === 'individual' && <Traits subject={subject} onType={type} />}
			{proposal.award !== '' && <DemandList award={proposal.award} fields={fields} />}
		</Form>
	);
}

function ProposalRow({ proposal, onEdit, onDrop }: {
	proposal: Proposal;
	onEdit: () => void;
	onDrop: () => void;
}) {
	const whom = whomOf(proposal.subject);

	return (
		<li class="paper">
			<div class="paper-head">
				<p>
					<strong>
						<Whom subject={proposal.subject} />
					</strong>{' '}
					– {nameOf('awards', proposal.award)}{' '}
					<span class="hint">({traitsOf(proposal.subject)})</span>
				</p>
				<p class="presses">
					<button type="button" onClick={onEdit} aria-label={say('making.edit.of', { name: whom })}>
						{say('making.edit')}
					</button>
					<button type="button" onClick={onDrop} aria-label={say('making.drop.of', { name: whom })}>
						{say('making.drop')}
					</button>
				</p>
			</div>
		</li>
	);
}

export function AwardsStep({ kept, onSet }: { kept: Kept; onSet: (changes: Partial<Kept>) => void }) {
	const { fields } = kept;
	const candidate = kept.candidate ?? { proposal: nobody };
	const [said, setSaid] = useState('');
	const place = useRef<HTMLDivElement>(null);

	function setAwards(awards: Proposal[], then: Partial<Kept> = {}) {
		onSet({ fields: { ...fields, awards }, ...then });
	}

	function write(proposal: Proposal) {
		onSet({ candidate: { ...candidate, proposal } });
	}

	function add() {
		const proposal = { ...candidate.proposal, subject: tidied(candidate.proposal.subject) };
		const awards = [...fields.awards];

		if (candidate.at !== undefined && candidate.at < awards.length) {
			awards[candidate.at] = proposal;
		} else {
			awards.push(proposal);
		}
		// The next one is mostly proposed for the same.
		setAwards(awards, {
			candidate: { proposal: { award: proposal.award, subject: { kind: proposal.subject.kind, name: '' } } },
		});
		setSaid(say('making.candidate.added', { name: whomOf(proposal.subject), count: awards.length }));
		place.current?.querySelector<HTMLElement>('input[name="name"]')?.focus();
	}

	function edit(at: number) {
		onSet({ candidate: { proposal: fields.awards[at]!, at } });
		place.current?.querySelector<HTMLElement>('input[name="name"]')?.focus();
	}

	function drop(at: number) {
		const whom = whomOf(fields.awards[at]!.subject);

		setAwards(
			fields.awards.filter((_, i) => i !== at),
			{ candidate: { proposal: candidate.proposal } },
		);
		setSaid(say('making.dropped', { name: whom }));
		place.current?.querySelector<HTMLElement>('input[name="name"]')?.focus();
	}

	return (
		<>
			<p aria-live="polite">{said || say('making.awards.count', { count: fields.awards.length })}</p>
			<ul class="plain">
				{fields.awards.map((proposal, i) => (
					<ProposalRow key={i} proposal={proposal} onEdit={() => edit(i)} onDrop={() => drop(i)} />
				))}
			</ul>
			<h3>{say(candidate.at === undefined ? 'making.candidate.new' : 'making.candidate.edit')}</h3>
			<div ref={place} class="candidate">
				<CandidateForm
					candidate={candidate}
					fields={fields}
					onType={write}
					onAdd={add}
					onLeave={() => onSet({ candidate: { proposal: nobody } })}
				/>
			</div>
		</>
	);
}
