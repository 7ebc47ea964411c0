// SPDX-License-Identifier: Apache-2.0
//
// Who else has the log: witnesses that cosign it, sinks that get its events.
import type { Sinks, Witnesses } from '../../api/types';
import { Answered } from '../../parts/answered';
import { useAnswer } from '../../parts/use-answer';
import { formatAgo, formatNumber } from '../../words/format';
import { say } from '../../words/words';

function WitnessRows({ answer }: { answer: Witnesses }) {
	if (answer.witnesses.length === 0) {
		return <p class="note note-bad">{say('witnesses.none')}</p>;
	}
	return (
		<>
			<p>{say('witnesses.needed', { count: answer.needed, size: formatNumber(answer.size) })}</p>
			<ul>
				{answer.witnesses.map((witness) => (
					<li key={witness.name}>
						{witness.name}:{' '}
						{say('witnesses.seen', {
							size: formatNumber(witness.size),
							ago: witness.at ? formatAgo(witness.at) : say('witnesses.never'),
						})}{' '}
						{witness.problem && (
							<>
								<span class="badge badge-bad">{say('witnesses.problem')}</span>{' '}
								<span class="hint">{witness.problem}</span>
							</>
						)}
					</li>
				))}
			</ul>
		</>
	);
}

function SinkRows({ answer }: { answer: Sinks }) {
	if (answer.sinks.length === 0) {
		return <p>{say('sinks.none')}</p>;
	}
	return (
		<ul>
			{answer.sinks.map((sink) => (
				<li key={sink.sink}>
					<code>{sink.sink}</code>:{' '}
					{sink.behind === 0
						? say('sinks.whole')
						: say('sinks.behind', { count: formatNumber(sink.behind) })}{' '}
					{sink.failures > 0 && (
						<span class="badge badge-bad">{say('sinks.fails', { count: sink.failures })}</span>
					)}
				</li>
			))}
		</ul>
	);
}

export function Outside() {
	const witnesses = useAnswer<Witnesses>('/audit/witnesses');
	const sinks = useAnswer<Sinks>('/audit/sinks');

	return (
		<section aria-label={say('outside.title')}>
			<h2>{say('outside.title')}</h2>
			<h3>{say('witnesses.title')}</h3>
			<Answered answer={witnesses}>{(answer) => <WitnessRows answer={answer} />}</Answered>
			<h3>{say('sinks.title')}</h3>
			<Answered answer={sinks}>{(answer) => <SinkRows answer={answer} />}</Answered>
		</section>
	);
}
