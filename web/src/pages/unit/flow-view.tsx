// SPDX-License-Identifier: Apache-2.0
//
// The picture of a history: each unit as it was called then, a link; lines to
// what came of it; who has the papers today is marked.  A wide history scrolls
// inside its box.
import { useLayoutEffect, useRef } from 'preact/hooks';

import type { Day, Reorganisation } from '../../api/types';
import { formatDay } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { type Flow, flowOf, type Joint, type Node, NODE_HEIGHT, NODE_WIDTH } from './flow';

const MARGIN = 24; // px, beside the unit of the page
const LETTERS = 25; // of a line in a node

/** Two lines at most; what is longer ends in three dots, its title says all. */
function linesOf(name: string): string[] {
	const lines = [''];

	for (const word of name.split(' ')) {
		const last = lines.at(-1)!;

		if (last !== '' && last.length + word.length >= LETTERS) {
			lines.push(word);
		} else {
			lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
		}
	}
	return lines.length <= 2 ? lines : [lines[0]!, `${lines[1]!.slice(0, LETTERS - 1)}…`];
}

function Box({ node, isHere, isHeir }: { node: Node; isHere: boolean; isHeir: boolean }) {
	const lines = linesOf(node.name);
	const told = [node.name, isHere && say('flow.here'), isHeir && say('flow.heir')].filter(Boolean).join(', ');

	return (
		<a href={`/don-vi/${node.unit}`} aria-label={told} data-unit={node.unit}>
			<title>{told}</title>
			<rect
				class={['flow-node', isHere && 'here', isHeir && 'heir'].filter(Boolean).join(' ')}
				x={node.x}
				y={node.y}
				width={NODE_WIDTH}
				height={NODE_HEIGHT}
				rx="4"
			/>
			{lines.map((line, i) => (
				<text
					key={i}
					x={node.x + 10}
					y={node.y + NODE_HEIGHT / 2 + 5 + (i - (lines.length - 1) / 2) * 17}
					class={isHere ? 'here' : undefined}
				>
					{line}
				</text>
			))}
			{isHeir && (
				<text class="flow-heir" x={node.x + NODE_WIDTH - 8} y={node.y + NODE_HEIGHT / 2 + 5} text-anchor="end">
					★
				</text>
			)}
		</a>
	);
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
	const middle = (x1 + x2) / 2;

	return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

function Lines({ joint }: { joint: Joint }) {
	return (
		<>
			{joint.from.map((node) => (
				<path
					key={`from ${node.unit}`}
					class="flow-line"
					data-from={node.unit}
					data-event={joint.event.id}
					d={curve(node.x + NODE_WIDTH, node.y + NODE_HEIGHT / 2, joint.x, joint.y)}
				/>
			))}
			{joint.to.map((node) => (
				<path
					key={`to ${node.unit}`}
					class="flow-line"
					data-to={node.unit}
					data-event={joint.event.id}
					d={curve(joint.x, joint.y, node.x, node.y + NODE_HEIGHT / 2)}
				/>
			))}
		</>
	);
}

function Passing({ flow }: { flow: Flow }) {
	return (
		<>
			{flow.nodes
				.filter((node) => node.isPassing)
				.map((node) => {
					const left = node.left as Node;
					const y = node.y + NODE_HEIGHT / 2;

					return (
						<path
							key={`${node.unit} ${node.column}`}
							class="flow-line"
							d={`${curve(left.x + NODE_WIDTH, left.y + NODE_HEIGHT / 2, node.x, y)}H${node.x + NODE_WIDTH}`}
						/>
					);
				})}
		</>
	);
}

function Dot({ joint }: { joint: Joint }) {
	const { event } = joint;
	const ends = event.successors.length === 0;

	return (
		<g class={ends ? 'flow-joint ends' : 'flow-joint'}>
			<circle cx={joint.x} cy={joint.y} r="6" />
			<text x={joint.x} y={joint.y - 12} text-anchor="middle">
				{sayCode('flow', event.kind)}
			</text>
			{event.document && (
				<text x={joint.x} y={joint.y + 22} text-anchor="middle">
					{event.document}
				</text>
			)}
		</g>
	);
}

export function FlowView({ events, here, heirs, label }: {
	events: Reorganisation[];
	/** The unit whose page it is. */
	here: string;
	/** Ids of those who have its papers today. */
	heirs: Set<string>;
	label: string;
}) {
	const flow = flowOf(events);
	const box = useRef<HTMLDivElement>(null);

	// On a telephone the unit of the page lies beyond the edge, as it comes last.
	useLayoutEffect(() => {
		const node = flow.nodes.find(({ unit, isPassing }) => unit === here && !isPassing);

		if (node && box.current) {
			box.current.scrollLeft = node.x + NODE_WIDTH + MARGIN - box.current.clientWidth;
		}
	}, [here, flow.width]);
	return (
		<div ref={box} class="flow-box" role="region" aria-label={label} tabIndex={0}>
			<svg
				role="group"
				aria-label={label}
				width={flow.width + 4}
				height={flow.height}
				viewBox={`-2 0 ${flow.width + 4} ${flow.height}`}
			>
				<g aria-hidden="true">
					{flow.days.map(({ day, x }: { day: Day; x: number }) => (
						<g key={day}>
							<line class="flow-day" x1={x} x2={x} y1="30" y2={flow.height} />
							<text class="flow-date" x={x} y="20" text-anchor="middle">
								{formatDay(day)}
							</text>
						</g>
					))}
					<Passing flow={flow} />
					{flow.joints.map((joint) => (
						<Lines key={joint.event.id} joint={joint} />
					))}
					{flow.joints.map((joint) => (
						<Dot key={joint.event.id} joint={joint} />
					))}
				</g>
				{flow.nodes
					.filter((node) => !node.isPassing)
					.map((node) => (
						<Box
							key={`${node.unit} ${node.column}`}
							node={node}
							isHere={node.unit === here}
							isHeir={node.isLast && heirs.has(node.unit)}
						/>
					))}
			</svg>
		</div>
	);
}
