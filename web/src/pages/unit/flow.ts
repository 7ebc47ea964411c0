// SPDX-License-Identifier: Apache-2.0
//
// Where everything stands in the picture of a history.  A column is the time
// between two days of reorganisations; what came of what leads from one column
// to the next through the joint of its reorganisation.  A unit that takes no
// part in a day passes through.
import type { Day, Reorganisation } from '../../api/types';

export const NODE_WIDTH = 200;
export const NODE_HEIGHT = 46;
export const GAP = 170; // between columns
export const STEP = 58; // between rows
export const TOP = 44; // for the day above a gap

export interface Node {
	unit: string;
	/** As it was called then. */
	name: string;
	column: number;
	x: number;
	y: number;
	/** It only passes through here, from or to a node. */
	isPassing: boolean;
	isLast: boolean;
	left: Joint | Node | undefined;
	right: (Joint | Node)[];
}

export interface Joint {
	event: Reorganisation;
	column: number;
	x: number;
	y: number;
	from: Node[];
	to: Node[];
}

export interface Flow {
	nodes: Node[];
	joints: Joint[];
	/** The days above the gaps between columns. */
	days: { day: Day; x: number }[];
	width: number;
	height: number;
}

function isJoint(thing: Joint | Node): thing is Joint {
	return 'event' in thing;
}

/** The columns as they fill, and where each unit stood last. */
class Builder {
	readonly columns: Node[][] = [];
	readonly joints: Joint[] = [];
	private readonly last = new Map<string, Node>();

	add(unit: string, name: string, column: number, left?: Joint | Node): Node {
		const node: Node = {
			unit,
			name,
			column,
			x: column * (NODE_WIDTH + GAP),
			y: 0,
			isPassing: left !== undefined && !isJoint(left),
			isLast: false,
			left,
			right: [],
		};

		(this.columns[column] ??= []).push(node);
		return node;
	}

	/** The unit just before a column's end, led there from where it stood. */
	before(unit: string, name: string, column: number): Node {
		let node = this.last.get(unit) ?? this.add(unit, name, column);

		while (node.column < column) {
			const next = this.add(unit, node.name, node.column + 1, node);

			node.right.push(next);
			node = next;
		}
		this.last.set(unit, node);
		return node;
	}

	/** All reorganisations of one day. */
	take(events: Reorganisation[], column: number): void {
		const joints = events.map((event): Joint => {
			const from = event.predecessors.map((unit, i) => this.before(unit, event.predecessor_names[i] ?? unit, column));

			return { event, column, x: 0, y: 0, from, to: [] };
		});

		for (const joint of joints) {
			joint.x = column * (NODE_WIDTH + GAP) + NODE_WIDTH + GAP / 2;
			joint.from.forEach((node) => node.right.push(joint));
		}
		for (const joint of joints) {
			joint.to = joint.event.successors.map((unit, i) => {
				const stood = this.last.get(unit);
				const node =
					stood && stood.column === column + 1
						? stood // by another reorganisation of the day
						: this.add(unit, joint.event.successor_names[i] ?? unit, column + 1, joint);

				this.last.set(unit, node);
				return node;
			});
		}
		this.joints.push(...joints);
	}

	finish(): void {
		for (const node of this.last.values()) {
			node.isLast = node.right.every((thing) => isJoint(thing) && !thing.to.some((to) => to.unit === node.unit));
		}
	}
}

function mean(numbers: number[], otherwise: number): number {
	return numbers.length === 0 ? otherwise : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function toTheLeft(node: Node): number[] {
	if (!node.left) {
		return [];
	}
	return isJoint(node.left) ? node.left.from.map((other) => other.y) : [node.left.y];
}

function toTheRight(node: Node): number[] {
	return node.right.flatMap((thing) => (isJoint(thing) ? thing.to.map((other) => other.y) : [thing.y]));
}

/** Rows from the top, all columns around one middle. */
function stack(columns: Node[][]): void {
	const most = Math.max(...columns.map((column) => column.length));

	for (const column of columns) {
		column.forEach((node, i) => {
			node.y = TOP + (i + (most - column.length) / 2) * STEP;
		});
	}
}

/** Each column in the order of its neighbours, so that few lines cross. */
function untangle(columns: Node[][]): void {
	stack(columns);
	for (const neighbours of [toTheLeft, toTheRight, toTheLeft]) {
		const walk = neighbours === toTheLeft ? columns : [...columns].reverse();

		for (const column of walk) {
			const wanted = new Map(column.map((node) => [node, mean(neighbours(node), node.y)]));

			column.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
		}
		stack(columns);
	}
}

/** Each joint amid what it joins, none on the words of another. */
function settle(joints: Joint[]): void {
	let before: Joint | undefined;

	for (const joint of joints) {
		joint.y = mean([...joint.from, ...joint.to].map((node) => node.y), 0) + NODE_HEIGHT / 2;
	}
	for (const joint of [...joints].sort((a, b) => a.column - b.column || a.y - b.y)) {
		if (before?.column === joint.column && joint.y < before.y + NODE_HEIGHT) {
			joint.y = before.y + NODE_HEIGHT;
		}
		before = joint;
	}
}

/** The picture of these reorganisations, which come in order of time. */
export function flowOf(events: Reorganisation[]): Flow {
	const builder = new Builder();
	const days = [...new Set(events.map((event) => event.date))].sort();

	days.forEach((day, column) => builder.take(events.filter((event) => event.date === day), column));
	builder.finish();
	const columns = builder.columns.filter((column) => column.length > 0);

	untangle(columns);
	settle(builder.joints);
	return {
		nodes: columns.flat(),
		joints: builder.joints,
		days: days.map((day, column) => ({ day, x: column * (NODE_WIDTH + GAP) + NODE_WIDTH + GAP / 2 })),
		// where the last day has no successors, its joints still have room
		width: (days.length + 1) * NODE_WIDTH + days.length * GAP,
		height: Math.max(
			TOP + Math.max(...columns.map((column) => column.length)) * STEP,
			...builder.joints.map((joint) => joint.y + NODE_HEIGHT / 2 + 6),
		),
	};
}
