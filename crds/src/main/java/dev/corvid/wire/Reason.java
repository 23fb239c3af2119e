package dev.corvid.wire;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** Why a release is where it is: the one enumeration of reasons, on the wire and in conditions. */
public enum Reason {
  /** Also what a reason of a later version reads as here; its message still says what happened. */
  @JsonEnumDefaultValue
  Progressing,
  Succeeded,
  Suspended,
  Paused,
  Deleting,
  SourceUnreachable,
  SourceAuthFailed,
  SourceChanged,
  DigestMismatch,
  InvalidContent,
  InvalidSpec,
  RootUnknown,
  RootNotAllowed,
  RootNotWritable,
  ForeignContent,
  InsufficientDisk,
  NoNodesMatched,
  TooFewNodes,
  PeerMissing,
  NoSeedsReachable,
  TrackerUnavailable,
  SeederRefused,
  SeederUnschedulable,
  SeederFailed,
  ClaimConflict,
  ClaimRefused,
  RequestRefused,
  InternalError,
  LimitExceeded,
  ClockSkew,
  Corrupted,
  ProgressDeadlineExceeded,
  TooManyFailedNodes
}
