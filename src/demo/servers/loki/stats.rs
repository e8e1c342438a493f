//! The block of statistics that ends every answer of Loki's query doors.

use serde_json::{Value, json};

use crate::query::logql::Stats;

/// The block, in the shape of Loki 3.7. What a store in memory has no notion of is zero, as it is in
/// the real one for what it did not need.
/// `reached` says whether lines were asked for at all: a number alone or a volume needs none.
pub(super) fn block(stats: &Stats, returned: usize, reached: bool) -> Value {
    // No clock here: the cost is told from what was looked at.
    let took = 0.001 + stats.bytes as f64 * 2e-9 + stats.lines as f64 * 2e-7;
    json!({
        "summary": {
            "bytesProcessedPerSecond": (stats.bytes as f64 / took) as u64,
            "linesProcessedPerSecond": (stats.lines as f64 / took) as u64,
            "totalBytesProcessed": stats.bytes,
            "totalLinesProcessed": stats.lines,
            "execTime": took,
            "queueTime": 0,
            "subqueries": 0,
            "totalEntriesReturned": returned,
            "splits": 0,
            "shards": 1,
            "totalPostFilterLines": stats.kept,
            "totalStructuredMetadataBytesProcessed": stats.metadata_bytes,
        },
        "querier": { "store": store(&Stats::default()), "querierExecTime": took },
        "ingester": ingester(stats, took, reached),
        "cache": {
            "chunk": cache(), "index": cache(), "result": cache(), "statsResult": cache(), "volumeResult": cache(),
            "seriesResult": cache(), "labelResult": cache(), "instantMetricResult": cache(),
        },
        "index": {
            "totalChunks": 0, "postFilterChunks": 0, "shardsDuration": 0, "usedBloomFilters": false,
            "totalStreams": 0, "chunkRefsLookupTime": 0, "bloomFilterTime": 0,
        },
    })
}

fn ingester(stats: &Stats, took: f64, reached: bool) -> Value {
    let mut out = json!({
        "totalReached": u8::from(reached),
        "totalChunksMatched": 0,
        "totalBatches": u8::from(reached),
        "totalLinesSent": stats.kept,
        "store": store(stats),
    });
    if reached {
        out["recvWaitTime"] = (took / 2.0).into();
    }
    out
}

fn store(stats: &Stats) -> Value {
    json!({
        "totalChunksRef": 0,
        "totalChunksDownloaded": 0,
        "chunksDownloadTime": 0,
        "queryReferencedStructuredMetadata": false,
        "queryUsedV2Engine": false,
        "chunk": {
            "headChunkBytes": stats.bytes,
            "headChunkLines": stats.lines,
            "decompressedBytes": 0,
            "decompressedLines": 0,
            "compressedBytes": 0,
            "totalDuplicates": 0,
            "postFilterLines": stats.kept,
            "headChunkStructuredMetadataBytes": stats.metadata_bytes,
            "decompressedStructuredMetadataBytes": 0,
        },
        "chunkRefsFetchTime": 0,
        "congestionControlLatency": 0,
        "pipelineWrapperFilteredLines": 0,
        "dataobj": {
            "prePredicateDecompressedRows": 0, "prePredicateDecompressedBytes": 0,
            "prePredicateDecompressedStructuredMetadataBytes": 0, "postPredicateRows": 0,
            "postPredicateDecompressedBytes": 0, "postPredicateStructuredMetadataBytes": 0, "postFilterRows": 0,
            "pagesScanned": 0, "pagesDownloaded": 0, "pagesDownloadedBytes": 0, "pageBatches": 0,
            "totalRowsAvailable": 0, "totalPageDownloadTime": 0,
        },
    })
}

fn cache() -> Value {
    json!({
        "entriesFound": 0, "entriesRequested": 0, "entriesStored": 0, "bytesReceived": 0, "bytesSent": 0,
        "requests": 0, "downloadTime": 0, "queryLengthServed": 0,
    })
}
