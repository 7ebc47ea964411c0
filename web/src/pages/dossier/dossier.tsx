// SPDX-License-Identifier: Apache-2.0
//
// One dossier: what is asked for, how far it is, what is in it, what is
// missing, and what proves it.
import './dossier.css';

import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import type { Dossier as DossierRecord, Examined, Nexts } from '../../api/types';
import { Answered } from '../../parts/answered';
import { PrintButton } from '../../parts/print-button';
import { ReceiptNote } from '../../parts/receipt';
import { Status } from '../../parts/status';
import { Title } from '../../parts/title';
import { TrailFold } from '../../parts/trail/trail';
import { UnitLink } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import { Whom } from '../../parts/whom';
import type { PageProps } from '../../shell/page';
import { formatDays, today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { Ballots } from './ballots';
import { MakingLink } from '../making/link';
import { Components } from './components';
import { type Done, NextBox } from './next';
import { Opinions } from './opinions';
import { SealBox } from './seal';
import { Timeline } from './timeline';

/** The day by whose names the dossier speaks. */
function dayOf(dossier: DossierRecord): string {
	return typeof dossier.date === 'string' ? dossier.date : (dossier.date.to ?? today());
}

function Awards({ dossier }: { dossier: DossierRecord }) {
	return (
		<ul class="plain">
			{dossier.awards?.map(({ award, subject }, i) => (
				<li key={i}>
					{nameOf('awards', award)} – <Whom subject={subject} />{' '}
					<span class="hint">{sayCode('subject', subject.kind)}</span>
				</li>
			))}
		</ul>
	);
}

function Facts({ dossier }: { dossier: DossierRecord }) {
	return (
		<dl class="facts">
			<dt>{say('dossier.status')}</dt>
			<dd>
				<Status status={dossier.status} />
			</dd>
			<dt>{say('dossier.unit')}</dt>
			<dd>
				<UnitLink id={dossier.unit} day={dayOf(dossier)} />
			</dd>
			{dossier.awards && (
				<>
					<dt>{say('dossier.awards')}</dt>
					<dd>
						<Awards dossier={dossier} />
					</dd>
				</>
			)}
			<dt>{say('dossier.date')}</dt>
			<dd>{formatDays(dossier.date)}</dd>
			{dossier.period && (
				<>
					<dt>{say('dossier.period')}</dt>
					<dd>{formatDays(dossier.period)}</dd>
				</>
			)}
			{dossier.decision && (
				<>
					<dt>{say('dossier.decision')}</dt>
					<dd>
						<a href={`/quyet-dinh/${dossier.decision}`}>{say('dossier.decision.see')}</a>
					</dd>
				</>
			)}
			<dt>{say('dossier.code')}</dt>
			<dd>{dossier.code ?? dossier.id}</dd>
		</dl>
	);
}

export default function Dossier({ words }: PageProps) {
	const path = `/dossiers/${encodeURIComponent(words['id']!)}`;
	const answer = useAnswer<DossierRecord>(path);
	const nexts = useAnswer<Nexts>(`${path}/next`);
	const [done, setDone] = useState<Done>();
	const examined = useAnswer<{ files: Examined[] }>(answer.value ? `${path}/examinations` : null);

	function tell(what: Done) {
		setDone(what);
		answer.again();
		nexts.again();
		window.scrollTo(0, 0);
	}

	return (
		<>
		{done && <ReceiptNote key={done.receipt.index} text={done.text} receipt={done.receipt} />}
		<Answered answer={answer}>
			{(dossier) => (
				<>
					<Title text={dossier.title} />
					<Facts dossier={dossier} />
					{nexts.value?.acts.includes('dossier.edit') && <MakingLink dossier={dossier} />}
					{nexts.value && <NextBox dossier={dossier} nexts={nexts.value} path={path} onDone={tell} />}
					<Timeline dossier={dossier} />
					<Components dossier={dossier} path={path} examined={examined} />
					<Opinions dossier={dossier} nexts={nexts.value} path={path} onDone={tell} />
					<Ballots dossier={dossier} nexts={nexts.value} path={path} onDone={tell} />
					<SealBox dossier={dossier} path={path} mayTake={nexts.value?.acts.includes('package.read') ?? false} />
					<TrailFold key={nexts.value?.rev} path={path} />
					<PrintButton />
				</>
			)}
		</Answered>
		</>
	);
}
