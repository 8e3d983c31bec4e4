package main

import (
	"fmt"
	"net/url"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
)

// etcdCommand serves one member on loopback that keeps nothing safe: its folder lasts as long as a test.
func etcdCommand() *cobra.Command {
	var folder, client, peer string
	command := &cobra.Command{
		Use:          "etcd",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			config := embed.NewConfig()
			config.Dir = folder
			config.UnsafeNoFsync = true
			config.LogLevel = "error"
			clientURL, err := url.Parse(client)
			if err != nil {
				return err
			}
			peerURL, err := url.Parse(peer)
			if err != nil {
				return err
			}
			config.ListenClientUrls = []url.URL{*clientURL}
			config.AdvertiseClientUrls = config.ListenClientUrls
			config.ListenPeerUrls = []url.URL{*peerURL}
			config.AdvertisePeerUrls = config.ListenPeerUrls
			config.InitialCluster = config.InitialClusterFromName(config.Name)
			server, err := embed.StartEtcd(config)
			if err != nil {
				return err
			}
			<-server.Server.ReadyNotify()
			fmt.Println("etcd is ready")
			return <-server.Err()
		},
	}
	command.Flags().StringVar(&folder, "folder", "", "where its data lies")
	command.Flags().StringVar(&client, "client-url", "", "http://127.0.0.1:<port> for the API server")
	command.Flags().StringVar(&peer, "peer-url", "", "http://127.0.0.1:<port> for other members")
	return command
}
