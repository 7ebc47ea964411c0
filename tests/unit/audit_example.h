/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_AUDIT_EXAMPLE_H
#define TESTS_UNIT_AUDIT_EXAMPLE_H

/*
 * One small log worked out by hand and by another implementation: five
 * entries, their tree, a checkpoint, proofs.  docs/archive-format.md prints
 * it for integrators.
 */

#define EXAMPLE_SIZE 5u
#define EXAMPLE_NAME "khenthuong.example.vn/audit"
#define EXAMPLE_VKEY \
	EXAMPLE_NAME "+b1f5f95e+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

#define EXAMPLE_TEXT \
	EXAMPLE_NAME \
	"\n5\n" \
	"C/HjMzxq6qQrT93pCoqidhchZ0hU57HMWkUmrc044jc=\n"
#define EXAMPLE_CHECKPOINT \
	EXAMPLE_TEXT \
	"\n\xE2\x80\x94 " EXAMPLE_NAME \
	" sfX5Xm8bjwhXzJkvgpJXyfitXrYqHDwucFTZfIP+y+eW8FiVb90grqAnO7fuwUzaK" \
	"hPKFemhVclQWNpdHlP0dMXcUgg=\n"
#define EXAMPLE_WITNESS \
	"\xE2\x80\x94 witness.example.vn/w1 " \
	"LjwcsQAAAABpVbkAkHMSLT44hLQ/Eo26glQ2bssPTNbOlDGtwXBXXbS6ykxPbBb6Rr8" \
	"G1sWcrtjdLj7kgkD45NRLQyhENivpbv5AAA==\n"

static const char *const example_leaves[EXAMPLE_SIZE] = {
	"3133beb3dab5cda05bd3acc2fbd9617d8e245d0f3f3703dd649eac1f7b748036",
	"44c86d9e61fade42b8199090a58f69146155ea866cc6acbbfebd02c307c4b302",
	"9862ffe195ac061df44bf404c1e33d108c87d92739e90d608ec031b81884f816",
	"d5793117d3b27f9f3201b6df2a86213f0c5bc509afcfa889c55ce9a91f1542d8",
	"70086874ca8a98bbf50d0d93f2355644f88e11c55eda0e5ac7cb761f0199c300",
};

static const char *const example_roots[EXAMPLE_SIZE] = {
	"3133beb3dab5cda05bd3acc2fbd9617d8e245d0f3f3703dd649eac1f7b748036",
	"461b29a45667a27f02c4e3e7938a97394e82b89420a6c5dfefe59ce3cee4025b",
	"bfe2ca4119e69b2a36852480e0f883ad16e7c8c9df530f7bbd3dd6f7547cbe4e",
	"b5ae56c67c9c826a9c222232bdb77c9a502a445ecae7afecee1a78d02617bf45",
	"0bf1e3333c6aeaa42b4fdde90a8aa2761721674854e7b1cc5a4526adcd38e237",
};

static const char *const example_inclusion_of_2[] = {
	"1XkxF9Oyf58yAbbfKoYhPwxbxQmvz6iJxVzpqR8VQtg=",
	"RhsppFZnon8CxOPnk4qXOU6CuJQgpsXf7+Wc487kAls=",
	"cAhodMqKmLv1DQ2T8jVWRPiOEcVe2g5ax8t2HwGZwwA=",
};

#define EXAMPLE_CONSISTENCY_FIRST "mGL/4ZWsBh30S/QEweM9EIyH2Sc56Q1gjsAxuBiE+BY="

/* Entry i of the example. */
#define EXAMPLE_ENTRY_FORMAT "{\"seq\":%u,\"ev\":\"seal\",\"pkg\":\"HS-%04u\"}"

#endif
